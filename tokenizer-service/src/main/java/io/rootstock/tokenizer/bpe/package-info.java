/**
 * Byte-level byte-pair encoding: {@link io.rootstock.tokenizer.bpe.BpeTrainer} learns merges, {@link
 * io.rootstock.tokenizer.bpe.Tokenizer} turns text into tokens and back.
 *
 * <p>Ids are the 256 bytes in the order of GPT-2's byte alphabet, then learned tokens in the order they were learned,
 * then special tokens. Nothing here reads or writes files.
 */
package io.rootstock.tokenizer.bpe;
