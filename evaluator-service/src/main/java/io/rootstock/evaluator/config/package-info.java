/** Settings of the evaluator, with their defaults and descriptions. */
package io.rootstock.evaluator.config;
