// Preloaded into a measured process: says its peak resident memory when it ends.
process.on('exit', () => process.stderr.write(`peak-kilobytes ${process.resourceUsage().maxRSS}\n`))
