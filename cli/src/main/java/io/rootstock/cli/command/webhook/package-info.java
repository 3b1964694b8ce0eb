/** {@code rootstock webhooks}: create, list, show, test and delete webhooks, and list their deliveries. */
package io.rootstock.cli.command.webhook;
