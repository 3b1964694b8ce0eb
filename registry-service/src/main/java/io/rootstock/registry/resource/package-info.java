/**
 * References between resources: the error of a deletion that something still refers to, and the datasets and tokenizers
 * that the tokenizer service may delete. The database decides between a deletion and a concurrent reference.
 */
package io.rootstock.registry.resource;
