/** Prompts of evaluations and the versions that can read them. */
package io.rootstock.registry.evaluation.prompt;
