/** The Open Inference Protocol, version 2: inference with tensors of texts, and metadata of the models. */
package io.rootstock.inference.infer;
