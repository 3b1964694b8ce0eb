/**
 * Tokenizers as files: Hugging Face's {@code tokenizer.json} and {@code tokenizer_config.json}, and tiktoken's rank files.
 *
 * <p>{@link io.rootstock.encoding.format.TokenizerReader} and {@link io.rootstock.encoding.format.TokenizerWriter} are for
 * directories of models, whose text every part of Rootstock encodes alike; {@link
 * io.rootstock.encoding.format.TokenizerJson} follows any supported {@code tokenizer.json}.
 */
package io.rootstock.encoding.format;
