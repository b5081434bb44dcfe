//! The program: parses the command line, runs the engine, prints, and ends with the exit status.

use std::process::ExitCode;

use tickmark::cli::terminal::report_error;
use tickmark::cli::{commands, examples};
use tickmark::error::{Error, Exit, Kind};

fn main() -> ExitCode {
    let cli = match examples::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; everything else is a usage error, whose status is clap's own: 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let run = std::panic::catch_unwind(|| commands::run(&cli));
    let exit = match run {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            report_error(&error, &cli.global);
            error.exit()
        }
        Err(_) => {
            let error = Error::new(Kind::Internal, "an internal error ended the run: nothing was established");
            report_error(&error.hint("please report it with the command and the message above"), &cli.global);
            Exit::CouldNotRun
        }
    };
    let exit = if cli.global.exit_zero && exit == Exit::Exceptions { Exit::Clean } else { exit };
    ExitCode::from(exit as u8)
}
