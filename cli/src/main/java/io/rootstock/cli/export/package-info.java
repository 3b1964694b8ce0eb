/** Texts that accompany an exported model: the model card and Ollama's Modelfile. */
package io.rootstock.cli.export;
