/**
 * {@code rootstock up}, {@code down}, {@code status}, {@code logs} and {@code doctor}: the service processes on this machine.
 */
package io.rootstock.cli.command.service;
