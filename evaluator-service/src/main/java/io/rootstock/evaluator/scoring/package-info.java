/** Requests of rendered rows as calls of the inference service, and their responses. */
package io.rootstock.evaluator.scoring;
