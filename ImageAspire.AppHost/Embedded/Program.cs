using ImageAspire.AppHost.Embedded;

// The embedded edition: the Api, as many Workers as are wanted, and the vision service, as processes on this machine.
return await AppHostCommand.RunAsync(args, async (options, cancellationToken) =>
{
    var secrets = Secrets.Create(options.ApiKey);
    var vision = await Vision.FindAsync(options, cancellationToken);
    await using var app = new Supervisor(Console.Out);

    app.Add(Service.Api(options, secrets));
    for (var i = 1; i <= options.Workers; i++)
        app.Add(Service.Worker(options, i, vision));

    if (vision.Service is { } service)
        app.Add(service);

    return await app.RunAsync(_ => Banner.Of(options, secrets, vision), cancellationToken);
});
