"""Imports and first steps done ahead of time, so that what comes after starts in milliseconds.

No backward pass and nothing on several threads: both start threads, and a process with threads must not fork.
"""


def warm_views() -> None:
    """Import torch and what builds and looks at a network; takes seconds."""
    import torch

    torch.set_num_threads(1)

    with torch.inference_mode():
        torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh())(torch.zeros(1, 2))


def warm_steps() -> None:
    """Take an optimizer step on gradients set by hand: the first one in a process imports half of torch.

    What a run is kept with comes along.
    """
    import filelock  # noqa: F401
    import safetensors.torch  # noqa: F401
    import torch

    from nets.optimizers import SGD, Adam

    model = torch.nn.Linear(2, 2)
    for config in (SGD(), Adam()):
        optimizer = config.build(model.parameters())
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()


def warm_data() -> None:
    """Import what holds the data that ship inside packages."""
    import sklearn.datasets  # noqa: F401


def warm_tables() -> None:
    """Import what tables are prepared with."""
    import pandas  # noqa: F401
    import sklearn.impute
    import sklearn.model_selection
    import sklearn.preprocessing  # noqa: F401


def warm_attributions() -> None:
    """Import what says which inputs speak for an answer: the first text that is typed then waits for nothing."""
    import captum.attr  # noqa: F401
