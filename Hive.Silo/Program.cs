using Hive.Silo.Commands;

return await HiveCommand.RunAsync(args, Console.Out, Console.Error);
