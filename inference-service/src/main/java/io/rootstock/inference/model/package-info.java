/**
 * A version in memory: its engines, tokenizer and classification head, and the leases that keep it there while requests
 * use it. Loading is in the serving package.
 */
package io.rootstock.inference.model;
