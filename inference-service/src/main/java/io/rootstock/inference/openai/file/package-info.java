/** {@code /v1/files} and {@code /v1/uploads}: files of clients, which the registry keeps. */
package io.rootstock.inference.openai.file;
