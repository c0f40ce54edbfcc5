// The smallest real service and the smallest real launcher, for tests of processes:
//   serve PORT        answers HTTP on that port
//   launch PORT       starts "serve PORT" as its child and says its process id
//   fail PORT         cannot start
//   host ARGUMENTS    the local launcher, with this program in place of the services
//   --directory DIR   in the place of a service: answers HTTP where the configuration in DIR says that the service listens
using System.Globalization;
using SuperMassive.AppHost.Local;
using SuperMassive.TestService;

switch (args)
{
    case ["serve", var port]:
        await Service.RunAsync("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["--directory", var directory]:
        await Service.RunConfiguredAsync(directory);
        return 0;
    case ["launch", var port]:
        await Launcher.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["host", .. var arguments]:
        return await LocalHost.RunAsync(arguments, _ => Environment.ProcessPath!, TimeSpan.FromMilliseconds(200));
    case ["fail", ..]:
        Console.Error.WriteLine("cannot start");
        return 7;
    default:
        Console.Error.WriteLine("serve, launch, fail or host");
        return 2;
}
