"""Import what training needs and take one optimizer step, so that what comes after starts in milliseconds."""


def warm() -> None:
    """Import torch and take a step on gradients set by hand.

    No backward pass and nothing on several threads: both start threads, and a process with threads must not fork.
    """
    import torch

    torch.set_num_threads(1)
    from sklearn.datasets import load_digits  # noqa: F401
    from torchvision.transforms.v2 import functional  # noqa: F401

    import nets.objectives
    import nets.training.training
    import nets.views
    from nets.optimizers import SGD, Adam

    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh())
    for config in (SGD(), Adam()):
        optimizer = config.build(model.parameters())
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
    with torch.inference_mode():
        model(torch.zeros(1, 2))
