/** Reads whole texts for the hidden state of their last token, in packs of many texts. */
package io.rootstock.inference.engine.pooling;
