/**
 * {@code rootstock generate}, {@code chat}, {@code classify}, {@code embed} and {@code score}: requests to a served model.
 */
package io.rootstock.cli.command.inference;
