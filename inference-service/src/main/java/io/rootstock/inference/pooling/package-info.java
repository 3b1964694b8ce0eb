/** Classify, Embed and Score for all protocols: requests whose result is available only at their end. */
package io.rootstock.inference.pooling;
