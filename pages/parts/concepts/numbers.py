"""Numbers as the concepts write them."""


def two_digits(value: float) -> str:
    """Return a number with two digits behind the point, never -0.00."""
    return f"{round(float(value), 2) + 0.0:.2f}"


def scientific(value: float) -> str:
    """Return a number as LaTeX, such as 2.7·10⁻⁷."""
    digits, power = f"{value:.1e}".split("e")
    return rf"${digits}\cdot10^{{{int(power)}}}$"
