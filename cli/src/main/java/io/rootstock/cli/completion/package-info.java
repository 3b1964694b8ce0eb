/**
 * Completion in shells: a short script per shell calls {@code rootstock __complete WORDS...}, which prints the candidates of
 * the last word: commands, options, their values, and names of resources that it lists from the services.
 */
package io.rootstock.cli.completion;
