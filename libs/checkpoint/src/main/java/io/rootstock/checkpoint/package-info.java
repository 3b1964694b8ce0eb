/** The model description and its tensors, which all file formats share; this package does not run models. */
package io.rootstock.checkpoint;
