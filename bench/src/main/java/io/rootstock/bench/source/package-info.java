/** Reads the project's own files: which there are, and what their Java declares and documents. */
package io.rootstock.bench.source;
