"""Operations that treat each element by itself, as C expressions. ``{self}`` … are torch's names of the arguments.

The formulas are those of torch's own kernels and of its derivatives.
"""

POINTWISE = {
    # copies and constants
    "aten.copy_.default": "{src}",
    "aten.clone.default": "{self}",
    "aten._to_copy.default": "{self}",
    "aten.lift_fresh.default": "{self}",
    "aten.fill_.Scalar": "{value}",
    "aten.zero_.default": "0",
    "aten.zeros.default": "0",
    "aten.zeros_like.default": "0",
    "aten.new_zeros.default": "0",
    "aten.ones_like.default": "1",
    "aten.ones.default": "1",
    "aten.full.default": "{fill_value}",
    "aten.full_like.default": "{fill_value}",
    "aten.scalar_tensor.default": "{s}",
    # arithmetic
    "aten.add.Tensor": "{self} + {alpha} * {other}",
    "aten.add_.Tensor": "{self} + {alpha} * {other}",
    "aten.add.Scalar": "{self} + {alpha} * {other}",
    "aten.sub.Tensor": "{self} - {alpha} * {other}",
    "aten.sub_.Tensor": "{self} - {alpha} * {other}",
    "aten.rsub.Scalar": "{other} - {alpha} * {self}",
    "aten.mul.Tensor": "{self} * {other}",
    "aten.mul_.Tensor": "{self} * {other}",
    "aten.mul.Scalar": "{self} * {other}",
    "aten.mul_.Scalar": "{self} * {other}",
    "aten.div.Tensor": "{self} / (float){other}",
    "aten.div_.Tensor": "{self} / (float){other}",
    "aten.div.Scalar": "{self} / (float){other}",
    "aten.div_.Scalar": "{self} / (float){other}",
    "aten.neg.default": "-{self}",
    "aten.abs.default": "fabsf({self})",
    "aten.sign.default": "(float)(({self} > 0) - ({self} < 0))",
    "aten.sgn.default": "(float)(({self} > 0) - ({self} < 0))",
    "aten.square.default": "{self} * {self}",
    "aten.reciprocal.default": "1.0f / {self}",
    "aten.sqrt.default": "sqrtf({self})",
    "aten.sqrt_.default": "sqrtf({self})",
    "aten.rsqrt.default": "1.0f / sqrtf({self})",
    "aten.exp.default": "expf({self})",
    "aten.log.default": "logf({self})",
    "aten.log1p.default": "log1pf({self})",
    "aten.pow.Tensor_Scalar": "powf({self}, {exponent})",
    "aten.addcmul_.default": "{self} + {value} * {tensor1} * {tensor2}",
    "aten.addcdiv_.default": "{self} + {value} * ({tensor1} / {tensor2})",
    "aten.lerp_.Scalar": "{self} + {weight} * ({end} - {self})",
    # comparisons
    "aten.eq.Scalar": "{self} == {other}",
    "aten.ne.Scalar": "{self} != {other}",
    "aten.lt.Scalar": "{self} < {other}",
    "aten.le.Scalar": "{self} <= {other}",
    "aten.gt.Scalar": "{self} > {other}",
    "aten.ge.Scalar": "{self} >= {other}",
    "aten.where.self": "({condition} ? {self} : {other})",
    # activations and their derivatives
    "aten.relu.default": "({self} <= 0 ? 0 : {self})",
    "aten.threshold_backward.default": "({self} <= {threshold} ? 0 : {grad_output})",
    "aten.tanh.default": "quick_tanh({self})",
    "aten.tanh_.default": "quick_tanh({self})",
    "aten.tanh_backward.default": "{grad_output} * (1.0f - {output} * {output})",
    "aten.sigmoid.default": "1.0f / (1.0f + expf(-{self}))",
    "aten.sigmoid_.default": "1.0f / (1.0f + expf(-{self}))",
    "aten.sigmoid_backward.default": "{grad_output} * (1.0f - {output}) * {output}",
    "aten.leaky_relu.default": "({self} > 0 ? {self} : {self} * {negative_slope})",
    "aten.leaky_relu_backward.default": "({self} > 0 ? {grad_output} : {grad_output} * {negative_slope})",
    "aten.elu.default": ("({self} <= 0 ? expm1f({self} * {input_scale}) * ({alpha} * {scale}) : {self} * {scale})"),
    "aten.elu_backward.default": (
        "({self_or_result} <= 0"
        " ? {grad_output} * {input_scale}"
        " * ({is_result} ? {self_or_result} + {alpha} * {scale}"
        " : {alpha} * {scale} * expf({self_or_result} * {input_scale}))"
        " : {grad_output} * {scale})"
    ),
    "aten.gelu.default": "0.5f * {self} * (1.0f + erff({self} * 0.70710678f))",
    "aten.gelu_backward.default": (
        "{grad_output} * (0.5f * (1.0f + erff({self} * 0.70710678f))"
        " + {self} * expf(-0.5f * {self} * {self}) * 0.39894228f)"
    ),
    "aten.silu.default": "{self} / (1.0f + expf(-{self}))",
    "aten.silu_backward.default": (
        "{grad_output} * (1.0f + {self} * (1.0f - 1.0f / (1.0f + expf(-{self})))) / (1.0f + expf(-{self}))"
    ),
    "aten.softplus.default": ("({self} * {beta} > {threshold} ? {self} : log1pf(expf({self} * {beta})) / {beta})"),
    "aten.softplus_backward.default": (
        "({self} * {beta} > {threshold} ? {grad_output} : {grad_output} / (1.0f + expf(-{self} * {beta})))"
    ),
    "aten.hardtanh.default": "({self} < {min_val} ? {min_val} : {self} > {max_val} ? {max_val} : {self})",
    "aten.hardtanh_backward.default": "({self} <= {min_val} || {self} >= {max_val} ? 0 : {grad_output})",
    "aten.mish.default": "{self} * tanhf(log1pf(expf({self})))",
    "aten.mish_backward.default": (
        "{grad_output} * (tanhf(log1pf(expf({self}))) + {self} / (1.0f + expf(-{self}))"
        " * (1.0f - tanhf(log1pf(expf({self}))) * tanhf(log1pf(expf({self})))))"
    ),
}
"""Where an operation has a name ending in ``_`` its result goes where ``self`` lies."""

LOSSES = {
    "aten.mse_loss.default": "({self} - {target}) * ({self} - {target})",
    "aten.huber_loss.default": (
        "(fabsf({self} - {target}) <= {delta} ? 0.5f * ({self} - {target}) * ({self} - {target})"
        " : {delta} * (fabsf({self} - {target}) - 0.5f * {delta}))"
    ),
    "aten.binary_cross_entropy_with_logits.default": (
        "({self} * (1.0f - {target}) + fmaxf(-{self}, 0) + log1pf(expf(-fabsf({self}))))"
    ),
    "aten.binary_cross_entropy.default": (
        "-({target} * fmaxf(logf({self}), -100.0f) + (1.0f - {target}) * fmaxf(log1pf(-{self}), -100.0f))"
    ),
}
"""Losses of each element, of which the mean or the sum is taken as the argument ``reduction`` says."""

LOSS_GRADIENTS = {
    "aten.mse_loss_backward.default": "2.0f * ({self} - {target}) * {grad_output}",
    "aten.huber_loss_backward.default": (
        "(fabsf({self} - {target}) <= {delta} ? {self} - {target}"
        " : {self} > {target} ? {delta} : -{delta}) * {grad_output}"
    ),
    "aten.binary_cross_entropy_backward.default": (
        "{grad_output} * ({self} - {target}) / fmaxf((1.0f - {self}) * {self}, 1e-12f)"
    ),
}
"""Their gradients, divided by the number of elements where the loss was a mean."""
