/**
 * {@code rootstock tokenizer}: train and list tokenizers, encode and decode text.
 */
package io.rootstock.cli.command.tokenizer;
