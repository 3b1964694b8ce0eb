/** The low-rank adapters of a loaded model. */
package io.rootstock.inference.engine.adapter;
