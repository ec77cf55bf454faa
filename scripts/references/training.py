"""Freezes what PyTorch computes: losses with their gradients, ten steps of every optimizer, and learning rates.

usage: python training.py   (torch; writes the *.fixture.json files beside src/engine/losses and src/engine/optim)

Inputs are waves that any language computes alike; all is computed in float64 and stored with 9 digits. Gradients of the
trajectories are a formula of the parameter, so that only the optimizer is under test: g = A tanh(p) - B.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2] / "src" / "engine"
torch.set_default_dtype(torch.float64)


def wave(shape, step=0.7, offset=0.3):
    """sin(step * i + offset) * (1 + i % 3), as src/testing/training-kit.ts."""
    count = math.prod(shape)
    return torch.tensor([math.sin(step * i + offset) * (1 + i % 3) for i in range(count)]).reshape(shape)


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def loss_case(function, shape, target):
    x = wave(shape).requires_grad_()
    loss = function(x, target)
    loss.backward()
    return {"shape": list(shape), "loss": numbers(loss)[0], "gradient": numbers(x.grad)}


def focal(x, t, gamma, weights=None):
    log = F.log_softmax(x, 1)
    picked = log.gather(1, t.unsqueeze(1)).squeeze(1)
    scale = 1 if weights is None else weights[t]
    return (-scale * (1 - picked.exp()) ** gamma * picked).mean()


def binary_focal(x, t, gamma, alpha):
    p = torch.sigmoid(x)
    ce = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    p_t = p * t + (1 - p) * (1 - t)
    return ((alpha * t + (1 - alpha) * (1 - t)) * ce * (1 - p_t) ** gamma).mean()


def losses():
    flat, deep = (5, 4), (2, 3, 2, 2)
    t = torch.tensor([3, 0, 2, 2, 1])
    dt = torch.tensor([[[0, 2], [1, 1]], [[2, 0], [0, 1]]])
    w4, w3 = torch.tensor([0.5, 1.5, 0.8, 2.0]), torch.tensor([0.2, 0.7, 1.5])
    ignored = torch.tensor([3, -1, 2, 2, -1])
    floats = wave(flat, 1.1, -0.4)
    yes = (floats > 0).double()
    teacher = wave(flat, 0.9, 0.1)
    cases = {
        "cross-entropy": loss_case(lambda x, y: F.cross_entropy(x, y), flat, t),
        "cross-entropy, weights": loss_case(lambda x, y: F.cross_entropy(x, y, w4), flat, t),
        "cross-entropy, smoothing": loss_case(lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1), flat, t),
        "cross-entropy, weights, smoothing": loss_case(
            lambda x, y: F.cross_entropy(x, y, w4, label_smoothing=0.2), flat, t
        ),
        "cross-entropy, weights, smoothing, ignored": loss_case(
            lambda x, y: F.cross_entropy(x, y, w4, label_smoothing=0.2, ignore_index=-1), flat, ignored
        ),
        "cross-entropy, pictures": loss_case(lambda x, y: F.cross_entropy(x, y, w3, label_smoothing=0.1), deep, dt),
        "focal": loss_case(lambda x, y: focal(x, y, 2), flat, t),
        "focal, weights": loss_case(lambda x, y: focal(x, y, 1.5, w4), flat, t),
        "bce": loss_case(lambda x, y: F.binary_cross_entropy_with_logits(x, y), flat, yes),
        "bce, weight": loss_case(
            lambda x, y: F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor(2.5)), flat, yes
        ),
        "binary focal": loss_case(lambda x, y: binary_focal(x, y, 2, 0.25), flat, yes),
        "mse": loss_case(F.mse_loss, flat, floats),
        "l1": loss_case(F.l1_loss, flat, floats),
        "huber": loss_case(lambda x, y: F.huber_loss(x, y, delta=0.8), flat, floats),
        "kl": loss_case(
            lambda x, y: F.kl_div(x, y, reduction="batchmean"), flat, F.one_hot(t, 4) * 0.75 + 0.0625
        ),
        "kl, logarithms": loss_case(
            lambda x, y: F.kl_div(x, y, reduction="batchmean", log_target=True), flat, F.log_softmax(teacher, 1)
        ),
        "distillation": loss_case(
            lambda x, y: 9 * F.kl_div(
                F.log_softmax(x / 3, 1), F.softmax(y / 3, 1), reduction="batchmean"
            ),
            flat,
            teacher,
        ),
    }
    return cases


def trajectory(make, clip=None):
    p = wave((3, 5)).requires_grad_()
    a, b = wave((3, 3), 1.3, 0.2), wave((3, 5), 0.5, 1.0)
    optimizer = make([p])
    points = []
    for _ in range(10):
        p.grad = (a @ torch.tanh(p.detach()) - b)
        if clip:
            torch.nn.utils.clip_grad_norm_([p], clip)
        optimizer.step()
        points.append(numbers(p))
    return points


def optimizers():
    o = torch.optim
    return {
        "sgd": trajectory(lambda p: o.SGD(p, 0.1)),
        "sgd, decay": trajectory(lambda p: o.SGD(p, 0.1, weight_decay=0.05)),
        "sgd, momentum": trajectory(lambda p: o.SGD(p, 0.05, momentum=0.9, weight_decay=0.01)),
        "sgd, dampening": trajectory(lambda p: o.SGD(p, 0.05, momentum=0.9, dampening=0.3)),
        "sgd, nesterov": trajectory(lambda p: o.SGD(p, 0.05, momentum=0.8, nesterov=True, weight_decay=0.02)),
        "sgd, clipped": trajectory(lambda p: o.SGD(p, 0.1), clip=1.5),
        "adam": trajectory(lambda p: o.Adam(p, 0.03)),
        "adam, decay": trajectory(lambda p: o.Adam(p, 0.03, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)),
        "adam, amsgrad": trajectory(lambda p: o.Adam(p, 0.03, betas=(0.5, 0.6), amsgrad=True)),
        "adamw": trajectory(lambda p: o.AdamW(p, 0.03, weight_decay=0.2)),
        "adamw, amsgrad": trajectory(lambda p: o.AdamW(p, 0.03, betas=(0.5, 0.6), weight_decay=0.2, amsgrad=True)),
        "rmsprop": trajectory(lambda p: o.RMSprop(p, 0.02)),
        "rmsprop, centered, momentum": trajectory(
            lambda p: o.RMSprop(p, 0.01, alpha=0.9, momentum=0.7, centered=True, weight_decay=0.05)
        ),
        "adagrad": trajectory(lambda p: o.Adagrad(p, 0.1)),
        "adagrad, decay": trajectory(
            lambda p: o.Adagrad(p, 0.1, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.3)
        ),
    }


def rates(make, ticks, losses=None):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.4)
    scheduler = make(optimizer)
    found = []
    for i in range(ticks):
        found.append(float(f"{optimizer.param_groups[0]['lr']:.9g}"))
        optimizer.step()
        scheduler.step(losses[i]) if losses else scheduler.step()
    return found


def moving_average():
    weight = torch.nn.Parameter(wave((4,)))
    model = torch.nn.ParameterList([weight])
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
    )
    found = []
    for i in range(5):
        with torch.no_grad():
            weight.copy_(wave((4,), 0.7 + 0.1 * i))
        average.update_parameters(model)
        found.append(numbers(average.module[0]))
    return found


PLATEAU = [1, 0.9, 0.95, 0.92, 0.91, 0.90001, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.4]


def schedules():
    s = torch.optim.lr_scheduler

    def warm_cosine(o):
        warm = s.LinearLR(o, start_factor=0.1, total_iters=4)
        return s.SequentialLR(o, [warm, s.CosineAnnealingLR(o, 11)], [4])

    return {
        "step": rates(lambda o: s.StepLR(o, 3, 0.5), 10),
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, 10, eta_min=0.02), 10),
        "warm-up": rates(lambda o: s.LinearLR(o, start_factor=0.25, total_iters=4), 8),
        "warm-up, cosine": rates(warm_cosine, 15),
        "one-cycle": rates(lambda o: s.OneCycleLR(o, 0.4, total_steps=17, cycle_momentum=False), 17),
        "one-cycle, line": rates(
            lambda o: s.OneCycleLR(
                o, 0.4, total_steps=17, pct_start=0.4, anneal_strategy="linear", div_factor=10,
                final_div_factor=100, cycle_momentum=False,
            ),
            17,
        ),
        "plateau": rates(lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=2), 16, PLATEAU),
        "plateau, cooldown": rates(
            lambda o: s.ReduceLROnPlateau(o, factor=0.3, patience=1, cooldown=3, threshold=0.05, min_lr=0.02),
            16,
            PLATEAU,
        ),
    }


def write(path, content):
    about = {"torch": torch.__version__.split("+")[0], "script": "scripts/references/training.py"}
    text = json.dumps({"about": about, **content}, indent=None, separators=(",", ":"))
    (ROOT / path).write_text(text.replace('},"', '},\n"').replace('],"', '],\n"') + "\n")


write("losses/losses.fixture.json", {"cases": losses()})
write(
    "optim/optimizers.fixture.json",
    {"trajectories": optimizers(), "rates": schedules(), "validation": PLATEAU, "average": moving_average()},
)
