"""Imports and first steps done ahead of time, so that what comes after starts in milliseconds.

No backward pass and nothing on several threads: both start threads, and a process with threads must not fork.
"""

AT_LEISURE = (
    "pandas",
    "scipy.stats",
    "sklearn.datasets",
    "captum.attr",
    "sklearn.impute",
    "sklearn.model_selection",
    "sklearn.preprocessing",
    "sympy",
    "torch._dynamo",
    "torchvision",
)
"""Modules that some runs need: for tables, to say which inputs speak for an answer, and to change pictures.

What others import too comes first: whoever asks for a worker meanwhile waits for one module and not for all of them.
"""


def warm_up() -> None:
    """Import torch, what builds a network, looks at it and trains it, and what a run is kept with; takes seconds.

    The optimizer's step is taken on gradients set by hand.
    """
    import filelock  # noqa: F401
    import safetensors.torch  # noqa: F401
    import torch

    from nets.optimizers import SGD, Adam

    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh())
    with torch.inference_mode():
        model(torch.zeros(1, 2))
    for config in (SGD(), Adam()):
        optimizer = config.build(model.parameters())
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
