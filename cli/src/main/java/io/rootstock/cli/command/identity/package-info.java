/** {@code rootstock whoami}, {@code users}, {@code access-tokens} and {@code audit}: callers, their roles and what they changed. */
package io.rootstock.cli.command.identity;
