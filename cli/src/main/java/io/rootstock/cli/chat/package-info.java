/**
 * The conversation of {@code rootstock chat} on a terminal: a line editor with history and multi-line messages, slash commands,
 * and answers that Ctrl-C stops.
 */
package io.rootstock.cli.chat;
