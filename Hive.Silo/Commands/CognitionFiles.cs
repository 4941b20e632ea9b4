using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Silo.Commands;

/// <summary>Finds out, before a goal for brains is submitted, whether the programs and folders that it names are there.</summary>
internal static class CognitionFiles
{
    /// <exception cref="BadInputException">One is not; the message says which and how to mend it.</exception>
    public static void Require(CognitionSpec spec, string directory)
    {
        if (spec.Tests is { } tests)
        {
            RequireTests(tests, directory, isBuild: spec.Build is not null);
        }

        if (spec.Build is { } build)
        {
            var repository = Path.GetFullPath(build.Repository, Path.GetFullPath(directory));
            if (!Directory.Exists(repository))
            {
                throw new BadInputException($"build.repository: there is no folder {repository}; name the folder of a git repository (a relative one starts from the goal file's folder)");
            }
        }
    }

    /// <summary>A build's test program may be one of the repository's own files, which the change itself may bring.</summary>
    private static void RequireTests(TestsCheck tests, string directory, bool isBuild)
    {
        if (isBuild && (tests.Command.IsEmpty || tests.Command[0].Contains('/')))
        {
            return;
        }

        EvaluatorSpec program = tests.Wasm is { } wasm
            ? wasm
            : new CommandEvaluatorSpec(isBuild ? [tests.Command[0]] : tests.Command, EvaluatorProtocol.Once, tests.TimeoutSeconds);
        try
        {
            EvaluatorFactory.Check(program, SearchSpace.Of([]), directory);
        }
        catch (EvaluatorException e)
        {
            throw new BadInputException($"check.tests: {e.Message}");
        }
    }
}
