/** Priority and memory of the processes of this machine. */
package io.rootstock.trainer.process;
