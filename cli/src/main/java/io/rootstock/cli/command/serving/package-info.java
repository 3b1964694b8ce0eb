/**
 * {@code rootstock serving}: load, requests, adapters and tokenization of the inference service.
 */
package io.rootstock.cli.command.serving;
