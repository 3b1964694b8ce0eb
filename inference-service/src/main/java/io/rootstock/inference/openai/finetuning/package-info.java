/** {@code /v1/fine_tuning/jobs}: OpenAI's fine-tuning API over the registry's fine-tuning jobs. */
package io.rootstock.inference.openai.finetuning;
