/**
 * Fine-tuning jobs: uploaded files become a dataset, a training job and a promoted version. Background loops do the
 * work; each step is idempotent, so that a restart continues where the last process stopped.
 */
package io.rootstock.registry.finetuning;
