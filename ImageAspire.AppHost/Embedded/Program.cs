using ImageAspire.AppHost.Embedded;

// The embedded edition: the Api, and as many Workers as are wanted, as processes on this machine.
return await AppHostCommand.RunAsync(args, async (options, cancellationToken) =>
{
    var secrets = Secrets.Create(options.ApiKey);
    await using var app = new Supervisor(Console.Out);

    app.Add(Service.Api(options, secrets));
    for (var i = 1; i <= options.Workers; i++)
        app.Add(Service.Worker(options, i));

    return await app.RunAsync(_ => Banner.Of(options, secrets), cancellationToken);
});
