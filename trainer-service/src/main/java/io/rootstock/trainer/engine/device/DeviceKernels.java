package io.rootstock.trainer.engine.device;

import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Kernels;

/** A device's operations for one model. */
public record DeviceKernels(Kernels kernels, Attention attention) {}
