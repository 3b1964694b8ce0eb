/** The Open Inference Protocol over HTTP: {@code /v2}. */
package io.rootstock.inference.infer.http;
