/** {@code rootstock quotas}: shares and limits of users and groups in the queue of jobs. */
package io.rootstock.cli.command.quota;
