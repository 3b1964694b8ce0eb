/**
 * {@code rootstock pretrain}, {@code finetune} and {@code estimate}, and their hyperparameter options. Options that are not
 * set stay unset in the request; the trainer chooses their values.
 */
package io.rootstock.cli.command.training;
