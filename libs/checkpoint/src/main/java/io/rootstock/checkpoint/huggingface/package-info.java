/** Models, adapters and classifier heads in Hugging Face's and PEFT's formats, with weights in safetensors files. */
package io.rootstock.checkpoint.huggingface;
