import RunEngine
