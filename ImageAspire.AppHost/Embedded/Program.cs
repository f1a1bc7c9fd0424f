using ImageAspire.AppHost.Embedded;

// The embedded edition: the Api, as many Workers as are wanted, and the vision service, as processes on this machine, and the dashboard
// that shows them, in this one.
return await AppHostCommand.RunAsync(args, async (options, cancellationToken) =>
{
    var secrets = Secrets.Create(options.ApiKey, options.OtlpKey);
    await using var app = new Supervisor(Console.Out);

    // Up before the services and until they have ended: nothing of what they tell is missed.
    await using var dashboard = await Dashboard.StartAsync(options, secrets, app, cancellationToken);
    var telemetry = dashboard is null ? ServiceTelemetry.Inherited : ServiceTelemetry.To(dashboard.OtlpEndpoint, secrets.OtlpKey);

    var ports = new FreePorts(options.ApiPort, options.DashboardPort);
    var vision = await Vision.FindAsync(options, telemetry, ports, cancellationToken);

    app.Add(Service.Api(options, secrets, telemetry));
    for (var i = 1; i <= options.Workers; i++)
        app.Add(Service.Worker(options, i, vision, telemetry, ports));

    if (vision.Service is { } service)
        app.Add(service);

    using var health = new HealthWatch(app.Board, TimeProvider.System);
    var processes = new ProcessWatch(app.Board, TimeProvider.System);
    return await app.RunAsync(Banner.Of(options, secrets, vision, dashboard?.Address), (services, stopping) => dashboard is null
        ? Task.CompletedTask // nobody would see it
        : Task.WhenAll(health.RunAsync(services, stopping), processes.RunAsync(stopping)), cancellationToken);
});
