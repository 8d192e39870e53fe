"""What every config of an experiment has in common."""

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """A frozen record of settings: unknown fields, NaN and infinity are refused; defaults are checked too."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, use_attribute_docstrings=True
    )
