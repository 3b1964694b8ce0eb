/**
 * {@code rootstock up}, {@code down} and {@code status}: the service processes on this machine.
 */
package io.rootstock.cli.command.service;
