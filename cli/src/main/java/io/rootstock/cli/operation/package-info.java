/**
 * Long-running calls with live progress, shared by the commands and the demo: uploads, tokenizer training, dataset
 * preparation, watching jobs and printing their events, streaming a completion.
 */
package io.rootstock.cli.operation;
