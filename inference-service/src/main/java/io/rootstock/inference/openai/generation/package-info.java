/** Fields that requests and responses of chat completions and completions share. */
package io.rootstock.inference.openai.generation;
