/**
 * The command line: one class per verb under {@link dev.luna.batch.cli.LunaCommand}. A verb that needs the database
 * starts {@link dev.luna.batch.LunaBatch} as a Spring application without a web and ends it with the command.
 */
@NullMarked
package dev.luna.batch.cli;

import org.jspecify.annotations.NullMarked;
