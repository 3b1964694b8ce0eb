/**
 * Strict reading of YAML files that users write: values with file and line, typed access to keys, and refusals with reason
 * and remedy.
 *
 * <p>Values are data: tags construct nothing. The files' meaning is in the packages that read them.
 */
package io.rootstock.yaml;
