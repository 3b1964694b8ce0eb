/**
 * How things look on a terminal: tables, figures with units, progress, plans, trees and charts. Everything takes data
 * and gives text; nothing here calls a service.
 */
package io.rootstock.cli.display;
